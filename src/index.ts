// Homebridge's door: what it imports from the package, to be told of our platform.

import type { API } from 'homebridge';
import { PrivacyShieldPlatform } from './homebridge/platform.js';

/** The platform's name in Homebridge's config.json and in config.schema.json. */
const PLATFORM = 'PrivacyShield';

export default function register(api: API): void {
  api.registerPlatform(PLATFORM, PrivacyShieldPlatform);
}
