import { expect, it } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { accountRef, gatewayRef } from '../../core/authorize/lent-account.ts';
import type { ReachedSettings } from '../../core/render/reached-settings.ts';
import { lendAccounts, planLoans, takeAccountsBack } from './lend-accounts.ts';

const POD = 'spec.template.spec';
const account = { namespace: 'edge', name: 'helms', gateway: 'edge' };
const settings: ReachedSettings = {
  path: 'spec.components.ingressGateways[0].k8s',
  object: 'Deployment edge/edge',
  fields: [`${POD}.serviceAccountName`],
  account,
};

function gatewayUnder(serviceAccountName: string): FakeKubeApi {
  const api = new FakeKubeApi();
  const { namespace = '', name, ...kind } = gatewayRef(account);
  api.seed({ ...kind, metadata: { namespace, name }, spec: { template: { spec: { serviceAccountName } } } });
  return api;
}

it.each<[title: string, api: FakeKubeApi, settings: ReachedSettings, lent: number, left: string[]]>([
  ['that its pods have', gatewayUnder('helms'), settings, 1, []],
  ['that its pods do not have', gatewayUnder('other'), settings, 0, settings.fields],
  ['of a gateway that is not there', new FakeKubeApi(), settings, 0, settings.fields],
  [
    'that its pods have, and nothing else',
    gatewayUnder('helms'),
    { ...settings, fields: [...settings.fields, `${POD}.hostNetwork`] },
    1,
    [`${POD}.hostNetwork`],
  ],
])('a gateway is lent an account %s', async (_title, api, reached, lent, left) => {
  const plan = await planLoans(api, [reached]);
  expect(plan.accounts).toEqual(lent === 1 ? [account] : []);
  expect(plan.reached.flatMap(({ fields }) => fields)).toEqual(left);
  expect(api.writes).toEqual([]);
});

it('an account is lent, and is as before when it is taken back', async () => {
  const api = new FakeKubeApi();
  const { namespace = '', name, ...kind } = accountRef(account);
  api.seed({ ...kind, metadata: { namespace, name, annotations: { note: 'x' } } });
  const annotations = async (): Promise<unknown> => (await api.get(accountRef(account)))?.metadata.annotations;
  await lendAccounts(api, [account]);
  expect(await annotations()).toEqual({ note: 'x', 'sailwright.dev/lent-to-gateway': 'edge' });
  await takeAccountsBack(api, [account]);
  expect(await annotations()).toEqual({ note: 'x' });
  api.remove(accountRef(account));
  await takeAccountsBack(api, [account]);
});
