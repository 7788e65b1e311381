// The Homebridge platform. Homebridge constructs it only when its config.json holds a block for it, so an installed but
// unconfigured plugin is idle and silent.

import type { API, DynamicPlatformPlugin, Logging, PlatformConfig } from 'homebridge';
import { reportSelfCheck } from '../shield/self-check.js';

export class PrivacyShieldPlatform implements DynamicPlatformPlugin {
  constructor(log: Logging, config: PlatformConfig, api: API) {
    // Homebridge calls neither constructor nor listener with a promise in mind: nothing in here may reject.
    api.on('didFinishLaunching', () => {
      void reportSelfCheck(log);
      if (config.cameras !== undefined)
        log.error('"cameras": this version shields recordings only (privacy-shield mask); remove the setting.');
    });
  }

  /** Nothing to restore: cameras are external accessories, published anew at every start and never cached. */
  configureAccessory(): void {}
}
