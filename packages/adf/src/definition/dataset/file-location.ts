import * as z from 'zod';

import { UNAVAILABLE_LOCATIONS } from '../unavailable/file-store-types.ts';
import { text } from '../value/dynamic-value.ts';

const path = {
  folderPath: text('Folder, relative to the root of the store. Default: the root.').optional(),
  fileName: text('Name of the file. Default: all files of the folder, or a generated name.').optional(),
};

export const fileLocation = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('FileServerLocation'), ...path }),
    z.object({ type: z.enum(UNAVAILABLE_LOCATIONS), ...path }),
  ])
  .meta({ id: 'FileLocation', description: 'Where the files are.' });

export type FileLocation = z.output<typeof fileLocation>;
