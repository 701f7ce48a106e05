export { files, type FilesOptions } from './files/files-source.ts';
