using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api.Render;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Tests.State;

/// <summary>No table is forgotten when something is deleted.</summary>
public sealed class OwnershipTests : ServiceTest
{
    /// <summary>What the platform writes down about a resource.</summary>
    private static readonly Type[] Records = [typeof(EventRow), typeof(DeployNoteRow), typeof(BlueprintResourceRow)];

    private int _number;

    [Fact]
    public async Task Every_property_that_holds_an_id_states_what_becomes_of_the_row()
    {
        await using var db = await Host.Platform.OpenAsync(Token);

        var silent = from property in db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties())
                     where property.ClrType == typeof(string) && HoldsId(property.Name) && !States(property)
                     select $"{property.DeclaringType.ClrType.Name}.{property.Name}";

        Assert.Empty(silent);
    }

    /// <summary>A table without any such property is one that nothing deletes.</summary>
    [Fact]
    public async Task Every_table_but_those_of_workspaces_and_users_has_an_owner()
    {
        await using var db = await Host.Platform.OpenAsync(Token);

        var roots = db.Model.GetEntityTypes().Where(entity => !entity.GetProperties().Any(States)).Select(entity => entity.ClrType).OrderBy(type => type.Name);

        Assert.Equal([typeof(UserRow), typeof(WorkspaceRow)], roots);
    }

    [Fact]
    public async Task Every_owner_is_a_row_and_no_row_belongs_to_itself()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var owners = db.Model.GetEntityTypes().ToDictionary(entity => entity.ClrType, entity => entity.GetProperties().SelectMany(OwnersOf).ToHashSet());

        foreach (var (row, direct) in owners)
        {
            Assert.All(direct, owner => Assert.True(owners.ContainsKey(owner), $"{row.Name} belongs to {owner.Name}, which is no table"));
            var all = new Stack<Type>(direct);
            var seen = new HashSet<Type>();
            while (all.TryPop(out var next))
            {
                Assert.True(next != row, $"{row.Name} belongs to itself");
                foreach (var owner in seen.Add(next) ? owners[next] : [])
                    all.Push(owner);
            }
        }
    }

    [Fact]
    public async Task What_belongs_to_a_row_is_deleted_with_it_and_nothing_else_is()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var owned = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).Where(property => OwnersOf(property).Any()).ToList();
        foreach (var owner in owned.SelectMany(OwnersOf).Distinct())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Token);
            var belongings = owned.Where(property => OwnersOf(property).Contains(owner)).ToList();
            foreach (var property in belongings)
                foreach (var id in (string[])["mine", "theirs"])
                    await InsertAsync(db, property, id);

            await DeleteBelongingsAsync(db, owner, "mine");

            foreach (var property in belongings)
                Assert.Equal(["theirs"], (await ValuesAsync(db, property)).Where(id => id is "mine" or "theirs"));
            await transaction.RollbackAsync(Token);
        }
    }

    [Fact]
    public async Task What_belongs_to_what_is_deleted_goes_too()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        var (webhook, attempt) = (Property<WebhookRow>(db, "WorkspaceId"), Property<WebhookAttemptRow>(db, "WebhookId"));
        await InsertAsync(db, webhook, "tea-mine");
        await InsertAsync(db, webhook, "tea-theirs");
        var ids = await db.Database.SqlQueryRaw<string>("SELECT Id AS Value FROM Webhooks ORDER BY WorkspaceId").ToListAsync(Token);
        foreach (var id in ids)
            await InsertAsync(db, attempt, id);

        await DeleteBelongingsAsync(db, typeof(WorkspaceRow), "tea-mine");

        Assert.Equal(["tea-theirs"], await ValuesAsync(db, webhook));
        Assert.Equal([ids[1]], await ValuesAsync(db, attempt));
    }

    [Fact]
    public async Task A_deleted_workspace_leaves_no_trace_but_in_the_audit_log()
    {
        var workspace = (await Owner.PostAsync("/portico/v1/workspaces", """{"name": "Other"}""")).GetProperty("id").GetString()!;
        await using (var db = await Host.Platform.OpenAsync(Token))
            foreach (var property in WorkspaceIds(db).Where(property => !States<BlocksDeletionAttribute>(property)))
                await InsertAsync(db, property, workspace);

        await Owner.RemoveAsync($"/portico/v1/workspaces/{workspace}");

        Assert.DoesNotContain(await TracesAsync(workspace), trace => !trace.StartsWith("AuditLogs.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_workspace_that_still_has_something_is_not_deleted()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        foreach (var property in WorkspaceIds(db).Where(States<BlocksDeletionAttribute>))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Token);
            Assert.False(await db.IsUsedAsync<WorkspaceRow>("tea-1", Token));
            await InsertAsync(db, property, "tea-1");
            Assert.True(await db.IsUsedAsync<WorkspaceRow>("tea-1", Token), property.DeclaringType.Name);
            await transaction.RollbackAsync(Token);
        }
    }

    [Fact]
    public async Task An_environment_that_still_has_something_is_not_deleted()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var placed = db.Model.GetEntityTypes().Where(entity => entity.ClrType.IsAssignableTo(typeof(IPlaced))).ToList();
        Assert.NotEmpty(placed);
        foreach (var entity in placed)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Token);
            await InsertAsync(db, entity.FindProperty(nameof(IPlaced.EnvironmentId))!, "evm-1");
            Assert.True(await db.IsUsedAsync<EnvironmentRow>("evm-1", Token), entity.Name);
            Assert.Single(await db.PlacedInAsync(["evm-1"], Token));
            await transaction.RollbackAsync(Token);
        }
    }

    /// <summary>Protected environments refuse by these ids.</summary>
    [Fact]
    public async Task A_change_of_what_belongs_to_a_resource_is_a_change_of_the_resource_unless_it_only_records()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var owned = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties())
            .Where(property => OwnersOf(property).Any(owner => owner.IsAssignableTo(typeof(IPlaced)))).ToList();
        foreach (var property in owned)
        {
            var row = RuntimeHelpers.GetUninitializedObject(property.DeclaringType.ClrType);
            property.PropertyInfo!.SetValue(row, "srv-1");
            Assert.Equal(!Records.Contains(row.GetType()), Ownership.ChangedWith((IEntityType)property.DeclaringType, row).Contains("srv-1"));
        }
        Assert.Empty(Records.Except(owned.Select(property => property.DeclaringType.ClrType)));
    }

    [Fact]
    public async Task A_deleted_service_leaves_no_trace_but_in_the_audit_log()
    {
        var id = await CreateAsync(WebService("api", """, "envVars": [{"key": "A", "value": "1"}], "secretFiles": [{"name": "a.txt", "content": "a"}]"""));
        await Owner.GetJsonAsync($"/portico/v1/services/{id}/source");

        await Owner.RemoveAsync($"/v1/services/{id}");
        await Host.Platform.SettleAsync(Token);

        Assert.DoesNotContain(await TracesAsync(id), trace => !trace.StartsWith("AuditLogs.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deleted_database_leaves_no_trace_but_in_the_audit_log()
    {
        var result = await Host.Platform.ApplyAsync(new Portico.Api.Contracts.Platform.ApplyBlueprint { Blueprint = "databases: [{name: db}]", Commit = UploadedSource.First }, Token);
        Assert.True(result.Applied);
        await Host.Platform.SettleAsync(Token);
        string id;
        await using (var db = await Host.Platform.OpenAsync(Token))
            id = (await db.DataStores.SingleAsync(Token)).Id;
        Assert.Contains("Events.ResourceId", await TracesAsync(id));

        await Owner.RemoveAsync($"/v1/postgres/{id}");
        await Host.Platform.SettleAsync(Token);

        Assert.DoesNotContain(await TracesAsync(id), trace => !trace.StartsWith("AuditLogs.", StringComparison.Ordinal));
    }

    private static IEnumerable<IProperty> WorkspaceIds(PorticoDb db) =>
        db.Model.GetEntityTypes().Where(entity => entity.ClrType != typeof(MemberRow)).Select(entity => entity.FindProperty("WorkspaceId")).OfType<IProperty>();

    private static IProperty Property<T>(PorticoDb db, string name) => db.Model.FindEntityType(typeof(T))!.FindProperty(name)!;

    private static bool HoldsId(string name) => name is "Owner" or "Receiver" || (name.EndsWith("Id", StringComparison.Ordinal) && name != "Id");

    private static bool States(IProperty property) =>
        OwnersOf(property).Any() || States<BlocksDeletionAttribute>(property) || States<NotOwnedAttribute>(property);

    private static bool States<T>(IProperty property) where T : Attribute => property.PropertyInfo?.GetCustomAttribute<T>() is not null;

    private static IEnumerable<Type> OwnersOf(IProperty property) => property.PropertyInfo?.GetCustomAttribute<DeletedWithAttribute>()?.Owners ?? [];

    private static async Task DeleteBelongingsAsync(PorticoDb db, Type owner, string id) => await (Task)typeof(Ownership)
        .GetMethod(nameof(Ownership.DeleteBelongingsAsync))!.MakeGenericMethod(owner).Invoke(null, [db, id, Token])!;

    /// <summary>A row that has nothing in common with another but this property.</summary>
    private async Task InsertAsync(PorticoDb db, IProperty property, string id)
    {
        var entity = (IEntityType)property.DeclaringType;
        var columns = entity.GetProperties().ToList();
        var values = columns.Select(object (column) => column == property ? id
            : column.GetColumnType() == "INTEGER" ? Interlocked.Increment(ref _number)
            : Host.Platform.Get<IdSource>().New<ServiceId>().Value);
        var sql = $"INSERT INTO \"{entity.GetTableName()}\" ({string.Join(", ", columns.Select(column => $"\"{column.GetColumnName()}\""))}) "
            + $"VALUES ({string.Join(", ", columns.Select((_, index) => $"{{{index}}}"))})";
        await db.Database.ExecuteSqlRawAsync(sql, values.ToArray(), Token);
    }

    private static Task<List<string>> ValuesAsync(PorticoDb db, IProperty property)
    {
        var sql = $"SELECT \"{property.GetColumnName()}\" AS Value FROM \"{((IEntityType)property.DeclaringType).GetTableName()}\"";
        return db.Database.SqlQueryRaw<string>(sql).ToListAsync(Token);
    }

    /// <summary>Every column of text that holds the id.</summary>
    private async Task<List<string>> TracesAsync(string id)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var traces = new List<string>();
        foreach (var property in db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).Where(property => property.GetColumnType() == "TEXT"))
        {
            var table = ((IEntityType)property.DeclaringType).GetTableName();
            var sql = $"SELECT EXISTS (SELECT 1 FROM \"{table}\" WHERE instr(\"{property.GetColumnName()}\", {{0}})) AS Value";
            if (await db.Database.SqlQueryRaw<bool>(sql, id).SingleAsync(Token))
                traces.Add($"{table}.{property.GetColumnName()}");
        }
        return traces;
    }
}
