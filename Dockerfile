# syntax=docker/dockerfile:1
# Not built in this project's own CI, which has no container runtime: build it where you publish it.
#   docker build --build-arg RUNTIME_IMAGE=<a Node 24 image without a shell> -t sailwright:0.1.0 .
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=node:24-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# The build script needs the sources, so it runs by name below instead of on install.
RUN npm ci --ignore-scripts
COPY src ./src
COPY tools ./tools
COPY tsconfig.json ./
# The build image's own Node 24: the copy that npm installs is for machines with an older one.
RUN node tools/build.ts \
 && npm prune --omit=dev --ignore-scripts

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
COPY package.json LICENSE ./
# One arena: the C library's many for few threads hold tens of megabytes that nobody uses.
ENV NODE_ENV=production MALLOC_ARENA_MAX=1
USER 65532:65532
EXPOSE 8080 8081 9443
# Admission calls make short-lived garbage: a small young generation keeps it in the CPU's cache and the process small.
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/dist/sailwright.js"]
CMD ["run"]
