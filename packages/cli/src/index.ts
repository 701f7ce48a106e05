export { type CopyConfig, copyConfig } from './config/copy-config.ts';
