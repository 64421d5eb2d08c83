namespace Portico.RenderApi.Tests.Server;

/// <summary>An application with something of most kinds. Its sources are those of <c>UploadedSource</c>.</summary>
internal static class SeedBlueprint
{
    public const string Text = """
        projects:
          - name: shop
            environments:
              - name: production
                databases:
                  - name: db
                envVarGroups:
                  - name: shared
                    envVars:
                      - key: LEVEL
                        value: info
                      - key: TOKEN
                        generateValue: true
                services:
                  - type: keyvalue
                    name: cache
                    ipAllowList: []
                  - type: web
                    name: api
                    runtime: node
                    rootDir: api
                    buildCommand: make
                    preDeployCommand: migrate
                    startCommand: serve
                    numInstances: 2
                    envVars:
                      - fromGroup: shared
                      - key: DATABASE_URL
                        fromDatabase: { name: db, property: connectionString }
                      - key: GREETING
                        value: hello
                  - type: worker
                    name: worker
                    runtime: python
                    rootDir: worker
                    buildCommand: make
                    startCommand: work
                    disk:
                      name: data
                      mountPath: /data
                      sizeGB: 1
        services:
          - type: web
            name: site
            runtime: static
            rootDir: web
            buildCommand: make
            staticPublishPath: .
            routes:
              - type: rewrite
                source: /*
                destination: /index.html
            headers:
              - path: /*
                name: X-Frame-Options
                value: DENY
        """;
}
