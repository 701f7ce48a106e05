export { delimitedText, type DelimitedTextOptions, type TextDialect } from './delimited-text/delimited-text-source.ts';
