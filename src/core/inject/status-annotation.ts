import { STATUS_ANNOTATION } from '../../api/istio-names.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { escapeHtml } from './go-json.ts';
import type { Pod } from './template-context.ts';

/** What an earlier injection added. */
export interface InjectionStatus {
  containers: readonly string[];
  initContainers: readonly string[];
}

const NAME_LISTS = ['initContainers', 'containers', 'volumes', 'imagePullSecrets'] as const;

/** The status annotation for what the templates alone make. */
export function statusText(templateSpec: JsonObject, revision: string): string {
  const status: JsonObject = {};
  for (const list of NAME_LISTS) status[list] = namesIn(templateSpec[list]);
  status.revision = revision === '' ? 'default' : revision;
  return escapeHtml(JSON.stringify(status));
}

function namesIn(list: Json | undefined): Json {
  if (!Array.isArray(list) || list.length === 0) return null;
  return list.map((item) => (isJsonObject(item) && typeof item.name === 'string' ? item.name : ''));
}

/** The status of an earlier injection; undefined when there is none, or none that can be read. */
export function statusOf({ metadata }: Pod): InjectionStatus | undefined {
  const text = metadata.annotations?.[STATUS_ANNOTATION];
  const value = text === undefined ? undefined : parsed(text);
  if (!isJsonObject(value)) return undefined;
  const containers = namesOf(value.containers);
  const initContainers = namesOf(value.initContainers);
  return containers && initContainers ? { containers, initContainers } : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function namesOf(value: Json | undefined): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) return undefined;
  return value;
}
