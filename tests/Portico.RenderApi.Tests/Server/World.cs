using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Server;

/// <summary>The application of <see cref="SeedBlueprint"/>, live; its resources by their names.</summary>
internal sealed record World(IReadOnlyDictionary<string, string> Services, IReadOnlyDictionary<string, string> Stores, IReadOnlyDictionary<string, string> EnvGroups)
{
    public string Api => Services["api"];

    public string Worker => Services["worker"];

    public string Site => Services["site"];

    public string Database => Stores["db"];

    public string Cache => Stores["cache"];

    public string EnvGroup => EnvGroups["shared"];

    public required string Workspace { get; init; }

    /// <summary>Something that a parameter of this name in a path may mean.</summary>
    public string? IdFor(string parameter) => parameter switch
    {
        "ownerId" => Workspace,
        "serviceId" or "resourceId" => Api,
        "name" => "api",
        "postgresId" => Database,
        "redisId" => Cache,
        "envGroupId" => EnvGroup,
        "envVarKey" => "GREETING",
        _ => null,
    };

    public IEnumerable<string> AllIds => Services.Values.Concat(Stores.Values).Concat(EnvGroups.Values);

    public static async Task<World> CreateAsync(SimPlatform platform, CancellationToken cancellationToken)
    {
        var result = await platform.ApplyAsync(new ApplyBlueprint { Blueprint = SeedBlueprint.Text, Commit = UploadedSource.First }, cancellationToken);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        await platform.SettleAsync(cancellationToken);
        await using var db = await platform.OpenAsync(cancellationToken);
        return new World(
            await db.Services.ToDictionaryAsync(row => row.Name, row => row.Id, cancellationToken),
            await db.DataStores.ToDictionaryAsync(row => row.Name, row => row.Id, cancellationToken),
            await db.EnvGroups.ToDictionaryAsync(row => row.Name, row => row.Id, cancellationToken))
        {
            Workspace = platform.Workspace,
        };
    }
}
