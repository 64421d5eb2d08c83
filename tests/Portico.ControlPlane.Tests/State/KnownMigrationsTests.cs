using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;

namespace Portico.ControlPlane.Tests.State;

public sealed class KnownMigrationsTests
{
    [Fact]
    public async Task They_are_all_that_exist()
    {
        await using var host = await ApiHost.StartAsync(TestContext.Current.CancellationToken);
        await using var db = await host.Get<IDbContextFactory<PorticoDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var existing = typeof(PorticoDb).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Migration)))
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id).Order(StringComparer.Ordinal);

        var known = db.GetService<IMigrationsAssembly>();

        Assert.Equal(existing, known.Migrations.Keys);
        Assert.All(known.Migrations, migration => Assert.Equal(migration.Key, known.FindMigrationId(migration.Key[(migration.Key.IndexOf('_', StringComparison.Ordinal) + 1)..])));
    }
}
