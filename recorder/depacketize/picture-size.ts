/** In pixels, as shown: without what is cropped away. */
export interface PictureSize {
  width: number;
  height: number;
}
