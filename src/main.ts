// Scrypted's door: the server makes one instance of the default export.

export { PrivacyShieldProvider as default } from './scrypted/provider.js';
