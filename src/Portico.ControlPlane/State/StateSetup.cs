using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Portico.Core.Ids;

namespace Portico.ControlPlane.State;

internal static class StateSetup
{
    public static IServiceCollection AddState(this IServiceCollection services, string databaseFile)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = databaseFile,
            // Writers wait for each other instead of failing with "database is locked".
            DefaultTimeout = 30,
        }.ToString();
        services.AddSingleton<SecretColumns>();
        services.AddSingleton(_ => new StateVersion(databaseFile));
        services.AddSingleton<EventLog>();
        services.AddSingleton<WorkspaceQuotas>();
        services.AddDbContextFactory<PorticoDb>((provider, options) => options
            .UseSqlite(connection)
            .AddInterceptors(provider.GetRequiredService<WorkspaceQuotas>())
            .ReplaceService<IMigrationsAssembly, KnownMigrations>()
            // A test compares the model with the migrations. Comparing them here would build the model twice more at every start.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        // One for each request, for endpoints.
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PorticoDb>>().CreateDbContext());
        return services;
    }

    /// <summary>Migrates the database to this version. A crash leaves either the old or the new one.</summary>
    /// <exception cref="DatabaseRefusedException">This version cannot open it. It is left as it is.</exception>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var databases = services.GetRequiredService<IDbContextFactory<PorticoDb>>();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // EF Core lets a second thread see a model that the first one is still preparing: it is prepared here, by one.
        _ = db.Model;
        await MigrationHistory.PrepareAsync(db, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
        // FULL: an accepted change survives even the machine's power loss.
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", cancellationToken);
        await FirstWorkspace.EnsureAsync(
            db, services.GetRequiredService<IdSource>(), services.GetRequiredService<TimeProvider>(), cancellationToken);
    }
}
