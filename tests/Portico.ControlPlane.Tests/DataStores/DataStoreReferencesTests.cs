using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.DataStores;

public sealed class DataStoreReferencesTests
{
    private const string Blueprint = """
        databases:
          - name: db
        services:
          - type: worker
            name: worker
            runtime: python
            rootDir: worker
            buildCommand: make
            startCommand: work
            envVars:
              - key: URL
                fromDatabase: { name: db, property: connectionString }
              - key: OTHER
                value: plain
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Variables_of_other_workspaces_are_not_decrypted()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        var result = await platform.ApplyAsync(new ApplyBlueprint { Blueprint = Blueprint, Commit = UploadedSource.First }, Token);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        await using var db = await platform.OpenAsync(Token);
        await db.Database.ExecuteSqlAsync($"INSERT INTO EnvGroups (Id, WorkspaceId, Name, CreatedAt, UpdatedAt, Version) VALUES ('evg-2', 'tea-2', 'theirs', 0, 0, 0)", Token);
        await db.Database.ExecuteSqlAsync($"INSERT INTO EnvVars (OwnerId, Key, Source) VALUES ('evg-2', 'URL', 'cannot be decrypted')", Token);

        var references = await DataStoreReferences.ToAsync(db, await db.DataStores.SingleAsync(Token), Token);

        var reference = Assert.Single(references);
        Assert.Equal(("URL", "service 'worker'"), (reference.Variable.Key, reference.Owner));
    }
}
