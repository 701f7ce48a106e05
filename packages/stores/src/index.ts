export { localStore } from './local/local-store.ts';
