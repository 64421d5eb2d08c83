using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Upgrades;

/// <summary>
/// What each version left behind must open in this one. At a release, the home of a platform of that version is added to
/// <c>homes</c>, with the database packed by <c>gzip</c>.
/// </summary>
public sealed class UpgradeTests
{
    private const string BeforeInitial = "0.1.0-before-initial";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Homes { get; } = [.. Directory.GetDirectories(StoredHome.Folder()).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Homes))]
    public async Task A_home_of_an_earlier_version_opens_with_all_that_is_in_it(string name)
    {
        using var home = StoredHome.Open(name);

        await using var db = await OpenAsync(await home.StartAsync(Token));

        foreach (var table in db.Model.GetEntityTypes())
            await ReadAllAsync(db, table.ClrType);
        var api = await db.Services.SingleAsync(row => row.Name == "api", Token);
        Assert.Equal(("serve", "/data"), (api.Settings.StartCommand, api.Settings.Disk!.MountPath));
        var password = await db.EnvVars.SingleAsync(row => row.OwnerId == api.Id && row.Key == "PASSWORD", Token);
        Assert.Equal(new EnvVarSource.Literal("hunter2"), password.Source);
        Assert.Equal("open sesame", (await db.SecretFiles.SingleAsync(row => row.OwnerId == api.Id, Token)).Content);
        Assert.Equal("hunter3", (await db.RegistryCredentials.SingleAsync(Token)).AuthToken);
        Assert.NotEmpty((await db.DataStores.SingleAsync(row => row.Name == "db", Token)).Identity.Password);
        Assert.Equal("shop.example.org", (await db.CustomDomains.SingleAsync(Token)).Name);
        Assert.Equal("ada@example.org", (await db.Users.SingleAsync(row => !row.IsOwner, Token)).Email);
        var existing = await ExistingBlueprint.ReadAsync(db, await FirstWorkspace.IdAsync(db, Token), Token);
        Assert.Equal(["api", "nightly", "web"], existing.AllServices().Select(item => item.Resource.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public async Task A_second_start_changes_nothing(string name)
    {
        using var home = StoredHome.Open(name);
        var known = await KnownAsync(await home.StartAsync(Token));
        Assert.Equal(known, await home.HistoryAsync(Token));
        var before = await ContentAsync(home);

        await home.StartAsync(Token);

        Assert.Equal(before, await ContentAsync(home));
    }

    [Fact]
    public async Task A_new_home_has_the_same_schema_as_an_upgraded_one()
    {
        using var created = StoredHome.Of(null);
        using var upgraded = StoredHome.Open(BeforeInitial);

        await using var one = await OpenAsync(await created.StartAsync(Token));
        await using var other = await OpenAsync(await upgraded.StartAsync(Token));

        Assert.Equal(await IndexesAsync(one), await IndexesAsync(other));
        Assert.Equal(await created.HistoryAsync(Token), await upgraded.HistoryAsync(Token));
    }

    [Fact]
    public async Task The_model_has_no_change_that_no_migration_makes()
    {
        using var home = StoredHome.Of(null);
        await using var db = await OpenAsync(await home.StartAsync(Token));

        Assert.False(db.Database.HasPendingModelChanges(), "Add a migration: docs/development.md says how.");
    }

    [Fact]
    public async Task A_home_from_before_the_oldest_that_can_be_upgraded_is_refused_and_left_untouched()
    {
        using var home = StoredHome.Of(Path.Combine(StoredHome.Folder(), "..", "refused", "20261123030607_Webhooks.db.gz"));

        var message = await RefusedAsync(home);

        Assert.Contains("20261123030607_Webhooks", message, StringComparison.Ordinal);
        Assert.Contains("commit 9a9f199", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_of_a_later_version_is_refused_and_left_untouched()
    {
        using var home = StoredHome.Open(BeforeInitial);
        await KnownAsync(await home.StartAsync(Token));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await home.ExecuteAsync("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Next', '99.0.0')", Token);

        var message = await RefusedAsync(home);

        Assert.Contains("later version of Portico", message, StringComparison.Ordinal);
        Assert.Contains("29990101000000_Next", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALTER TABLE Services DROP COLUMN RestartCount", "without column Services.RestartCount INTEGER NOT NULL")]
    [InlineData("DROP INDEX IX_Services_Slug", "without index CREATE UNIQUE INDEX \"IX_Services_Slug\"")]
    [InlineData("CREATE TABLE Mine (Id TEXT)", "with column Mine.Id TEXT")]
    public async Task A_home_whose_tables_somebody_changed_is_refused_and_left_untouched(string change, string says)
    {
        using var home = StoredHome.Open(BeforeInitial);
        await home.ExecuteAsync(change, Token);

        Assert.Contains(says, await RefusedAsync(home), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_something_else_is_refused_and_left_untouched()
    {
        using var home = StoredHome.Of(null);
        await home.ExecuteAsync("CREATE TABLE Notes (Text TEXT)", Token);

        Assert.Contains("not a database of Portico", await RefusedAsync(home), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Death_while_the_history_is_rewritten_leaves_the_old_one_and_the_next_start_completes_it()
    {
        using var home = StoredHome.Open(BeforeInitial);
        var before = await home.HistoryAsync(Token);
        StoredHome? left = null;
        // What a killed process leaves is what is in its files at that moment.
        var death = new Committing(() => left ??= home.Copy());

        await home.StartAsync(Token, options => options.AddInterceptors(death));

        using (left)
        {
            Assert.Equal(before, await left!.HistoryAsync(Token));
            Assert.Equal(await KnownAsync(await left.StartAsync(Token)), await left.HistoryAsync(Token));
        }
    }

    private static async Task<string> RefusedAsync(StoredHome home)
    {
        var before = await File.ReadAllBytesAsync(home.Paths.Database, Token);
        var error = await Assert.ThrowsAsync<DatabaseRefusedException>(() => home.StartAsync(Token));
        Assert.Contains(home.Paths.Database, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was changed.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(home.Paths.Database, Token));
        return error.Message;
    }

    private static Task<PorticoDb> OpenAsync(IServiceProvider services) =>
        services.GetRequiredService<IDbContextFactory<PorticoDb>>().CreateDbContextAsync(Token);

    private static async Task<List<string>> KnownAsync(IServiceProvider services)
    {
        await using var db = await OpenAsync(services);
        return [.. db.Database.GetMigrations()];
    }

    private static Task<List<string>> IndexesAsync(PorticoDb db) => db.Database
        .SqlQueryRaw<string>("SELECT sql AS Value FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1").ToListAsync(Token);

    private static async Task ReadAllAsync(PorticoDb db, Type row) =>
        await (Task)typeof(UpgradeTests).GetMethod(nameof(ReadAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(row).Invoke(null, [db])!;

    private static Task<List<T>> ReadAsync<T>(PorticoDb db) where T : class => db.Set<T>().AsNoTracking().ToListAsync(Token);

    /// <summary>Every row of every table, as SQLite has it.</summary>
    private static async Task<string> ContentAsync(StoredHome home)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={home.Paths.Database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Token);
        var text = new System.Text.StringBuilder();
        foreach (var table in await TextsAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
            foreach (var row in await TextsAsync(connection, $"SELECT * FROM \"{table}\""))
                text.Append(table).Append(": ").AppendLine(row);
        return text.ToString();
    }

    private static async Task<List<string>> TextsAsync(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(Token);
        var texts = new List<string>();
        while (await reader.ReadAsync(Token))
            texts.Add(string.Join("|", Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return texts;
    }

    private sealed class Committing(Action before) : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            System.Data.Common.DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            before();
            return ValueTask.FromResult(result);
        }
    }
}
