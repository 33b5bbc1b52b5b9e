import type { MeshReport } from '../core/report/mesh-report.ts';
import { report, trouble } from './state.ts';

const EVERY_MS = 5_000;
/** Relative, so that the page also works below the path of a proxy. */
const STATE = 'api/v1/state';

/** Asks for the state again and again, as long as somebody looks; what has not changed is not sent once more. */
export function keepAsking(): void {
  let etag = '';
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(STATE, { headers: etag === '' ? {} : { 'if-none-match': etag }, cache: 'no-store' });
      if (answer.status === 200) {
        etag = answer.headers.get('etag') ?? '';
        report.value = (await answer.json()) as MeshReport;
      }
      trouble.value = answer.ok || answer.status === 304 ? '' : await answer.text();
    } catch {
      trouble.value = 'what serves this page does not answer: is it still running, and its port still forwarded?';
    }
  };
  const loop = async (): Promise<void> => {
    if (!document.hidden) await ask();
    setTimeout(() => void loop(), EVERY_MS);
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void ask();
  });
  void loop();
}
