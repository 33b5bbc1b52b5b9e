import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LuaFactory } from 'wasmoon';
import { parse } from 'yaml';
import { isJsonObject, type Json } from '../../src/core/kube-object.ts';

const FILE = join(import.meta.dirname, '../../config/argocd/argocd-cm.yaml');
const PREFIX = 'resource.customizations.health.';

/** What Argo CD is told of a resource. */
export interface Health {
  status: string;
  message: string;
}

/** The health checks of config/argocd, by `group_Kind`. */
export function readHealthChecks(): Map<string, string> {
  const { data } = parse(readFileSync(FILE, 'utf8')) as { data: Record<string, string> };
  return new Map(Object.entries(data).map(([key, script]) => [key.slice(PREFIX.length), script]));
}

/** Runs a health check as Argo CD does: the resource is the global `obj`, and of libraries there are few. */
export async function runHealthCheck(script: string, resource: Json): Promise<Health> {
  const lua = await new LuaFactory().createEngine({ openStandardLibs: true });
  try {
    // Argo CD's sandbox has neither of these; what is newer than Lua 5.1 its interpreter does not read.
    const sandbox = 'io, os, require, package, debug = nil, nil, nil, nil, nil\n';
    return (await lua.doString(`${sandbox}obj = ${asLua(resource)}\n${script}`)) as Health;
  } finally {
    lua.global.close();
  }
}

function asLua(value: Json): string {
  if (value === null) return 'nil';
  if (Array.isArray(value)) return `{${value.map(asLua).join(', ')}}`;
  if (isJsonObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${entries.map(([key, item]) => `[${JSON.stringify(key)}] = ${asLua(item as Json)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}
