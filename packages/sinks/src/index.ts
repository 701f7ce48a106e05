export { files, type FilesOptions } from './files/files-sink.ts';
