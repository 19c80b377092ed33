# syntax=docker/dockerfile:1
# Two stages: what builds stays behind; what runs has no compiler, no pip cache, no test or development package.

FROM python:3.12-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/xueban
WORKDIR /src

# Dependencies first: this layer is made anew only when they change.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > runtime.txt \
    && /opt/xueban/bin/pip install -c constraints.txt -r runtime.txt

COPY README.md LICENSE ./
COPY bot/ bot/
COPY handlers/ handlers/
COPY knowledge/ knowledge/
COPY scheduler/ scheduler/
# The question leaves the parsed base beside the package, where the service's user may not write.
RUN /opt/xueban/bin/pip install --no-deps . \
    && cd / && /opt/xueban/bin/xueban knowledge lint && /opt/xueban/bin/xueban ask 選單 > /dev/null


FROM python:3.12-slim-trixie
LABEL org.opencontainers.image.title="學伴" org.opencontainers.image.licenses="MIT"
# `xueban line setup` draws Chinese words into the menus; `xueban backup` calls pg_dump, of the server's own release.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig fonts-noto-cjk postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin xueban \
    && install -d -o xueban -g xueban -m 0750 /data
COPY --from=build /opt/xueban /opt/xueban
ENV PATH=/opt/xueban/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/xueban.db \
    XUEBAN_DATA_DIR=/data \
    XUEBAN_HOST=0.0.0.0 \
    PORT=8080
USER xueban
WORKDIR /data
VOLUME /data
EXPOSE 8080
# What is in hand is finished within 25 s of SIGTERM: give the container 30 (`--stop-timeout 30`).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/livez\", timeout=4)"]
ENTRYPOINT ["xueban"]
CMD ["serve"]
