import { HAND_OVER_MANAGER, LENT_ANNOTATION } from '../../api/our-names.ts';
import { accountRef, gatewayRef, isUsed, withoutAccount } from '../../core/authorize/lent-account.ts';
import type { GatewayAccount, ReachedSettings } from '../../core/render/reached-settings.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

/** What settings reach beside accounts that gateways have already, and have to be lent. @throws ApiError */
export async function planLoans(
  api: Pick<KubeApi, 'get'>,
  settings: readonly ReachedSettings[],
): Promise<{ accounts: GatewayAccount[]; reached: ReachedSettings[] }> {
  const accounts: GatewayAccount[] = [];
  const reached: ReachedSettings[] = [];
  for (const each of settings) {
    const { account } = each;
    if (account && isUsed(await api.get(gatewayRef(account)), account)) {
      accounts.push(account);
      reached.push(...withoutAccount(each));
    } else reached.push(each);
  }
  return { accounts, reached };
}

/** Lets gateways go on under the accounts that they have. @throws ApiError */
export async function lendAccounts(api: KubeApi, accounts: readonly GatewayAccount[]): Promise<void> {
  for (const account of accounts) await annotate(api, account, account.gateway);
}

/** The accounts are as they were before. @throws ApiError */
export async function takeAccountsBack(api: KubeApi, accounts: readonly GatewayAccount[]): Promise<void> {
  for (const account of accounts) {
    try {
      await annotate(api, account, null);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

async function annotate(api: KubeApi, account: GatewayAccount, value: string | null): Promise<void> {
  const patch = { metadata: { annotations: { [LENT_ANNOTATION]: value } } };
  await api.patch(accountRef(account), patch, { type: 'merge', fieldManager: HAND_OVER_MANAGER });
}
