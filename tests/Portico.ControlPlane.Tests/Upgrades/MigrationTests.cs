using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Tests.Upgrades;

public sealed class MigrationTests : IAsyncLifetime
{
    private const string BeforeDisks = "20261122214459_Jobs";
    private const string BeforeProjects = "20261122202111_Workspaces";
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"portico-{Path.GetRandomFileName()}.db");
    private SimPlatform _platform = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await SimPlatform.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        File.Delete(_file);
        await _platform.DisposeAsync();
    }

    [Fact]
    public async Task Names_of_environments_become_rows_with_what_was_in_them()
    {
        await using var db = new PorticoDb(
            new DbContextOptionsBuilder<PorticoDb>().UseSqlite($"Data Source={_file}").Options, _platform.Get<SecretColumns>());
        await db.GetService<IMigrator>().MigrateAsync(BeforeProjects, Token);
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO EnvGroups (Id, WorkspaceId, Name, Project, Environment) VALUES
                ('evg-1', '', 'one', 'shop', 'production'), ('evg-2', '', 'two', 'shop', 'staging'),
                ('evg-3', '', 'three', 'blog', 'production'), ('evg-4', '', 'four', NULL, NULL);
            """, Token);

        await db.Database.MigrateAsync(Token);
        await FirstWorkspace.EnsureAsync(db, _platform.Get<IdSource>(), _platform.Time, Token);

        var places = await (from grouped in db.EnvGroups
                            join environment in db.Environments on grouped.EnvironmentId equals environment.Id
                            join project in db.Projects on environment.ProjectId equals project.Id
                            orderby grouped.Id
                            select $"{grouped.Id} {project.Name}/{environment.Name}").ToListAsync(Token);
        Assert.Equal(["evg-1 shop/production", "evg-2 shop/staging", "evg-3 blog/production"], places);
        Assert.Null((await db.EnvGroups.SingleAsync(row => row.Id == "evg-4", Token)).EnvironmentId);
        Assert.Equal(2, await db.Projects.CountAsync(Token));
        Assert.All(await db.Environments.ToListAsync(Token), row => Assert.True(ResourceId.TryParse<EnvironmentId>(row.Id, out _)));
        var first = await FirstWorkspace.IdAsync(db, Token);
        Assert.All(await db.Projects.ToListAsync(Token), row => Assert.Equal(first, row.WorkspaceId));
    }

    [Fact]
    public async Task A_disk_keeps_the_id_that_it_was_known_by()
    {
        await using var db = new PorticoDb(
            new DbContextOptionsBuilder<PorticoDb>().UseSqlite($"Data Source={_file}").Options, _platform.Get<SecretColumns>());
        await db.GetService<IMigrator>().MigrateAsync(BeforeDisks, Token);
        foreach (var (id, settings) in (IEnumerable<(string, string)>)[("srv-0a", """{"disk":{"name":"data"}}"""), ("srv-0b", "{}")])
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO Services (Id, WorkspaceId, Name, Slug, Type, Settings, Suspended, RestartCount, CreatedAt, UpdatedAt, Version)
                VALUES ({id}, 'tea-1', {id}, {id}, 'WebService', {settings}, 0, 0, 0, 0, 0)
                """, Token);

        await db.Database.MigrateAsync(Token);

        Assert.Equal(["dsk-0a", null], await db.Services.OrderBy(row => row.Id).Select(row => row.DiskId).ToListAsync(Token));
    }
}
