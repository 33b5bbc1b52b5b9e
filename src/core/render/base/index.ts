import { inScope, isOn, isTruthy, valueAt } from '../../values/value-tree.ts';
import { renderCustomResourceDefinitions } from './custom-resource-definitions.ts';
import { renderDefaultRevisionPolicy, renderDefaultValidatingWebhook } from './default-revision.ts';
import { renderReaderServiceAccount } from './reader-service-account.ts';
import type { ChartContext, ChartRenderer } from '../chart.ts';

function wantsReaderAccount(context: ChartContext): boolean {
  const { values, traits } = context;
  const wanted = valueAt(values, 'global.enableReaderRBAC');
  const own = traits.takesReaderServiceAccount && isOn(values, 'global.readerServiceAccount.name');
  return inScope(values, 'namespace') && (wanted === undefined || isTruthy(wanted)) && !own;
}

/** What all revisions in a cluster share: Istio's kinds, the reader account, validation for the default revision. */
export const renderBase: ChartRenderer = (context) => {
  const { values } = context;
  const validates = inScope(values, 'cluster') && valueAt(values, 'defaultRevision') !== '';
  return [
    ...renderCustomResourceDefinitions(context),
    ...(wantsReaderAccount(context) ? [renderReaderServiceAccount(context)] : []),
    ...(validates ? [renderDefaultValidatingWebhook(context)] : []),
    ...(validates && isOn(values, 'experimental.stableValidationPolicy') ? renderDefaultRevisionPolicy(context) : []),
  ];
};
