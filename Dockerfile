# The demo for any host that runs containers: docker build -t imagen-demo .
# tests/hosting/test_deploy.py takes the steps below as they stand, in a clean folder and a fresh venv.
FROM python:3.11-slim

# Proxies are for the internet, not for the demo's calls to itself. Visitors may draw with the
# sandbox all day, so there is a limit to what is kept: -e IMAGEN_DEMO_KEEP_GB sets another. pip's
# cache would only be carried along, and with wheels alone no compiler is needed, so none is left.
# With two arenas the C library keeps less memory back for threads that have had a large picture.
ENV GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    GRADIO_ANALYTICS_ENABLED=False \
    IMAGEN_DEMO_PICTURES=/data/pictures \
    IMAGEN_DEMO_KEEP_GB=10 \
    MALLOC_ARENA_MAX=2 \
    HOME=/tmp \
    NO_PROXY=127.0.0.1,localhost \
    PIP_NO_CACHE_DIR=1 \
    PIP_ONLY_BINARY=:all: \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONUNBUFFERED=1

WORKDIR /app

# With requirements-mcp.txt the demo is an MCP server, too, once IMAGEN_DEMO_MCP=1 is set.
ARG REQUIREMENTS=requirements.txt
COPY requirements*.txt ./
RUN pip install -r "$REQUIREMENTS"

COPY app.py ./
COPY imagen_demo ./imagen_demo
COPY gallery ./gallery

# A fixed number, so that a folder of the host can be given to it: chown 1000:1000 pictures.
RUN useradd --uid 1000 --user-group --no-create-home --home-dir /tmp demo \
    && mkdir -p /data/pictures \
    && chown -R 1000:1000 /data
USER 1000:1000
VOLUME /data
EXPOSE 7860

# Whether it lives, so that nobody ends what is only waiting for its Redis; /readyz says the rest.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"GRADIO_SERVER_PORT\"]}/healthz', timeout=4)"]

# Without a shell before it, so that SIGTERM reaches the demo.
CMD ["python", "app.py"]
