import { TAG_LABEL } from '../../../api/istio-names.ts';
import { inScope, isOn, listAt, printed } from '../../values/value-tree.ts';
import { renderTagWebhook } from './mutating-webhook.ts';
import { renderIstiodService } from './service.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Per revision tag: a service under a stable name and the webhooks that inject for it. */
export function renderRevisionTags(context: ChartContext): KubeObject[] {
  const { values } = context;
  const withWebhooks = inScope(values, 'cluster') && !isOn(values, 'global.operatorManageWebhooks');
  return listAt(values, 'revisionTags')
    .map(printed)
    .flatMap((tag) => [
      ...(withWebhooks ? [renderTagWebhook(context, tag)] : []),
      ...(inScope(values, 'namespace')
        ? [renderIstiodService(context, `istiod-revision-tag-${tag}`, { [TAG_LABEL]: tag })]
        : []),
    ]);
}
