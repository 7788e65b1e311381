// The Scrypted plugin's root device. It will provide the shielded cameras; it has none yet, and says on its console
// whether this machine can mask.

import { type DeviceProvider, ScryptedDeviceBase } from '@scrypted/sdk';
import { reportSelfCheck } from '../shield/self-check.js';

export class PrivacyShieldProvider extends ScryptedDeviceBase implements DeviceProvider {
  constructor(nativeId?: string) {
    super(nativeId);
    void reportSelfCheck(this.console);
  }

  /** @throws Error always: there is no device by any id yet */
  async getDevice(nativeId: string): Promise<never> {
    throw new Error(`Privacy Shield has no camera "${nativeId}"`);
  }

  async releaseDevice(): Promise<void> {}
}
