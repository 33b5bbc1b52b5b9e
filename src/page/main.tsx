// The page of `sailwright report`, which has its data in itself, and of `sailwright dashboard`, which asks for it.
import { render } from 'preact';
import type { MeshReport } from '../core/report/mesh-report.ts';
import { App } from './app.tsx';
import { keepAsking } from './live.ts';
import { isLive, report } from './state.ts';

const data = document.getElementById('report')?.textContent;
if (data) {
  report.value = JSON.parse(data) as MeshReport;
} else {
  isLive.value = true;
  keepAsking();
}
const root = document.getElementById('app');
if (root) render(<App />, root);
