import * as z from 'zod';

import { credential, setting } from '../value/secret-value.ts';
import { encryptedCredential, LINKED_SERVICE_HEAD } from './linked-service-head.ts';

export const fileServerLinkedService = z.object({
  type: z.literal('FileServer').meta({ description: 'A folder of this machine or a mounted share.' }),
  ...LINKED_SERVICE_HEAD,
  typeProperties: z.object({
    host: setting('Path of the folder that paths of datasets are relative to.'),
    userId: setting('Not used: files are read and written as the user who runs this.').optional(),
    password: credential('Not used, as userId.').optional(),
    encryptedCredential,
  }),
});
