import type { JSX } from 'preact';
import type { KialiService } from '../../core/report/mesh-report.ts';

/** The way to Kiali, which shows the traffic that this page does not. */
export function Kiali({ kiali: { namespace, name, port } }: { kiali: KialiService }): JSX.Element {
  return (
    <p>
      <a href={`http://localhost:${port}/kiali/`}>Kiali</a> shows the traffic, once its port is forwarded:{' '}
      <code>{`kubectl -n ${namespace} port-forward service/${name} ${port}`}</code>
    </p>
  );
}
