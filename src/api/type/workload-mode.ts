import { enumeration } from '../proto/message-schema.ts';

export const workloadMode = enumeration(['UNDEFINED', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER']);
