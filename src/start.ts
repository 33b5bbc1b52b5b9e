#!/usr/bin/env node
// Where the built program begins. It is small: what loads before what was kept is compiled each time.
import module from 'node:module';
import { join } from 'node:path';
import { createLoad } from './start/kept-modules.ts';

// Beside the program, where only those write who could write the program; elsewhere nothing is kept. The operator keeps
// nothing: it starts once, in a container that is read-only.
const keepsNothing = process.argv[2] === 'run' || Boolean(process.env['NODE_DISABLE_COMPILE_CACHE']);
const kept = keepsNothing ? undefined : join(import.meta.dirname, 'compile-cache');

// For modules of the other kind, from Node 22 on.
const { enableCompileCache } = module as Partial<typeof module>;
if (kept !== undefined) enableCompileCache?.(kept);

// This is built as CommonJS, which Node starts without its loader of modules: no `await`.
createLoad(import.meta.dirname, kept)('./main.cjs');
