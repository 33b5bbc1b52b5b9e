#!/usr/bin/env node
// Where the built program begins. It is small: what loads before the cache is on is compiled each time.
import module from 'node:module';
import { join } from 'node:path';

// From Node 22 on. Beside the program, where only those write who could write the program; elsewhere it stays off. The
// operator does not use it: it starts once, in a container that is read-only.
const { enableCompileCache } = module as Partial<typeof module>;
if (process.argv[2] !== 'run') enableCompileCache?.(join(import.meta.dirname, 'compile-cache'));

// This is built as CommonJS, which Node starts without its loader of modules: no `await`.
void import('./main.ts');
