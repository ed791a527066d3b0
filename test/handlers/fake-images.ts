import { awsError, FakeThings, page, type Turn } from './fake-things.ts';

type Input = Record<string, unknown> & { ImageName?: string; AppImageConfigName?: string; Version?: number };
type Tag = { Key: string; Value: string };

/** What the images need of the service around them. */
interface Around {
  region: string;
  tag(arn: string, tags?: readonly Tag[]): void;
  untag(arn: string): void;
  /** Where a status that an operation begins ends. */
  end(operation: string, looks: number, status: string): Turn;
  /** Is the image named in anybody's settings? */
  isAttached(imageName: string): boolean;
}

/** Custom images, their versions and app image configs in memory. */
export class FakeImages {
  readonly images = new FakeThings();
  readonly versions = new FakeThings();
  readonly configs = new FakeThings();
  readonly #around: Around;
  #count = 0;

  constructor(around: Around) {
    this.#around = around;
  }

  /** A version that somebody else has made. */
  addVersion(ImageName: string, BaseImage: string): void {
    this.#addVersion(ImageName, BaseImage, `theirs-${this.#count}`, { looks: 0, status: 'CREATED' });
  }

  /** An app image config that somebody else has made. */
  addConfig(AppImageConfigName: string): void {
    const AppImageConfigArn = `${this.#around.region}:app-image-config/${AppImageConfigName}`;
    this.configs.set(AppImageConfigName, { members: { AppImageConfigName, AppImageConfigArn, Status: 'none' } });
    this.#around.tag(AppImageConfigArn);
  }

  readonly operations: Record<string, (input: Input) => object> = {
    CreateImage: ({ Tags, ...input }) => {
      const name = input.ImageName!;
      if (this.images.has(name)) {
        throw awsError('ResourceInUse', `The Image with ImageName ${name} already exists. Please use a different one.`);
      }
      const ImageArn = `${this.#around.region}:image/${name}`;
      this.images.set(name, {
        members: { DisplayName: name, ...defined(input), ImageArn, Status: 'CREATING' },
        next: this.#around.end('CreateImage', 1, 'CREATED'),
        unseen: 1,
      });
      this.#around.tag(ImageArn, Tags as Tag[]);
      return { ImageArn };
    },
    DescribeImage: ({ ImageName }) => {
      const { Status, ...members } = this.images.need(ImageName!, 'Image').members;
      return { ...members, ImageStatus: Status };
    },
    UpdateImage: ({ ImageName, DeleteProperties = [], ...input }) => {
      const image = this.images.need(ImageName!, 'Image');
      if (/ING$/.test(image.members.Status)) throw awsError('ResourceInUse', 'It is being updated.');
      const next = this.#around.end('UpdateImage', 1, 'CREATED');
      if (next.status === 'CREATED') {
        for (const name of DeleteProperties as string[]) delete image.members[name];
        Object.assign(image.members, defined(input));
      }
      image.next = next;
      image.members.Status = 'UPDATING';
      return {};
    },
    DeleteImage: ({ ImageName }) => {
      const image = this.images.need(ImageName!, 'Image');
      if (this.#around.isAttached(ImageName!)) throw awsError('ResourceInUse', `Image ${ImageName} is in use.`);
      image.members.Status = 'DELETING';
      image.next = this.#around.end('DeleteImage', 1, 'gone');
      return {};
    },

    CreateImageVersion: ({ ImageName, BaseImage, ClientToken }) => {
      const image = this.images.need(ImageName!, 'Image');
      if (image.members.Status !== 'CREATED') {
        throw awsError('ValidationException', `Image ${ImageName} is in an invalid state.`);
      }
      const same = [...this.versions.values()].find(({ members }) => members.ClientToken === ClientToken);
      if (same) return { ImageVersionArn: same.members.ImageVersionArn };
      const end = this.#around.end('CreateImageVersion', 1, 'CREATED');
      return { ImageVersionArn: this.#addVersion(ImageName!, BaseImage as string, ClientToken as string, end) };
    },
    DescribeImageVersion: ({ ImageName, Version }) => {
      const { Status, ClientToken, ...members } = this.#version(ImageName!, Version!).members;
      return { ...members, ImageVersionStatus: Status };
    },
    ListImageVersions: ({ ImageName, NextToken }) => {
      this.images.need(ImageName!, 'Image');
      const all = (NextToken ? [...this.versions.values()] : this.versions.lookAtAll()).filter(
        ({ members }) => members.ImageName === ImageName,
      );
      const { items, next } = page(all, NextToken as string | undefined);
      const ImageVersions = items.map(({ members: { Version, Status } }) => ({ Version, ImageVersionStatus: Status }));
      return { ImageVersions, NextToken: next };
    },
    DeleteImageVersion: ({ ImageName, Version }) => {
      const version = this.#version(ImageName!, Version!);
      version.next = this.#around.end('DeleteImageVersion', 0, 'gone');
      version.members.Status = 'DELETING';
      return {};
    },

    CreateAppImageConfig: ({ Tags, ...input }) => {
      const name = input.AppImageConfigName!;
      if (this.configs.has(name)) throw awsError('ResourceInUse', 'The ID or Name specified is already in use.');
      const AppImageConfigArn = `${this.#around.region}:app-image-config/${name}`;
      this.configs.set(name, { members: { ...defined(input), AppImageConfigArn, Status: 'none' }, unseen: 1 });
      this.#around.tag(AppImageConfigArn, Tags as Tag[]);
      return { AppImageConfigArn };
    },
    DescribeAppImageConfig: ({ AppImageConfigName }) => {
      const { Status, ...members } = this.configs.need(AppImageConfigName!, 'AppImageConfig').members;
      return members;
    },
    UpdateAppImageConfig: ({ AppImageConfigName, ...input }) => {
      Object.assign(this.configs.need(AppImageConfigName!, 'AppImageConfig').members, defined(input));
      return {};
    },
    DeleteAppImageConfig: ({ AppImageConfigName }) => {
      const { AppImageConfigArn } = this.configs.need(AppImageConfigName!, 'AppImageConfig').members;
      this.configs.delete(AppImageConfigName!);
      this.#around.untag(AppImageConfigArn as string);
      return {};
    },
  };

  #version(ImageName: string, Version: number) {
    return this.versions.need(`${ImageName}/${Version}`, 'ImageVersion');
  }

  #addVersion(ImageName: string, BaseImage: string, ClientToken: string, next: Turn): string {
    this.#count += 1;
    const Version = this.#count;
    const ImageVersionArn = `${this.#around.region}:image-version/${ImageName}/${Version}`;
    const ContainerImage = `${BaseImage}@resolved`;
    this.versions.set(`${ImageName}/${Version}`, {
      members: { ImageName, BaseImage, ContainerImage, ClientToken, Version, ImageVersionArn, Status: 'CREATING' },
      next,
    });
    return ImageVersionArn;
  }
}

function defined(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
