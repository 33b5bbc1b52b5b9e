import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { EncodedAnswer, JudgeCaller } from '../server/admission-handler.ts';
import type { InjectionSource } from './injection-configs.ts';

/** What a call of `/inject` depends on beside its body. */
export interface InjectionCall {
  /** Of the URL. */
  path: string;
  operatorNamespace: string;
  source: InjectionSource | { problem: string };
}

/** Injects in another thread. */
export interface ApartInjector {
  /** A review that is not read yet. */
  injectBody(body: Buffer, call: InjectionCall, caller: JudgeCaller): Promise<EncodedAnswer>;
  injectRequest(request: AdmissionRequest, call: InjectionCall, caller: JudgeCaller): Promise<AdmissionResponse>;
}

/** Other threads that inject small pods while the one that serves has more to do. */
export interface InjectionHelpers {
  /** Undefined when none has room; the answer is undefined when injecting the pod may take long. */
  offer(body: Buffer, call: InjectionCall): Promise<EncodedAnswer | undefined> | undefined;
}
