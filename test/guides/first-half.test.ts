import { runHalf } from './support/on-a-mesh.ts';

runHalf(0);
