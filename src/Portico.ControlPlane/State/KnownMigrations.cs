using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portico.ControlPlane.State.Migrations;

namespace Portico.ControlPlane.State;

/// <summary>
/// Names the migrations. To find them, EF Core would load every type of this assembly and the libraries that these use: 6 MB that stay
/// in memory.
/// </summary>
internal sealed class KnownMigrations(IMigrationsIdGenerator ids) : IMigrationsAssembly
{
    private static readonly Type[] InOrder =
    [
        typeof(Initial),
        typeof(AddInvitations),
        typeof(AddLoginClients),
        typeof(AddSkippedResources),
        typeof(AddPendingDeploys),
        typeof(AddPrivateNetwork),
        typeof(AddSessions),
        typeof(AddSshKeys),
    ];

    private static readonly SortedList<string, TypeInfo> ById = new(
        InOrder.ToDictionary(type => type.GetCustomAttribute<MigrationAttribute>()!.Id, type => type.GetTypeInfo()), StringComparer.Ordinal);

    public IReadOnlyDictionary<string, TypeInfo> Migrations => ById;

    public ModelSnapshot ModelSnapshot => new PorticoDbModelSnapshot();

    public Assembly Assembly => typeof(KnownMigrations).Assembly;

    public string? FindMigrationId(string nameOrId) =>
        ById.Keys.FirstOrDefault(id => string.Equals(id, nameOrId, StringComparison.OrdinalIgnoreCase)
            || string.Equals(ids.GetName(id), nameOrId, StringComparison.OrdinalIgnoreCase));

    public Migration CreateMigration(TypeInfo migrationClass, string activeProvider)
    {
        var migration = (Migration)Activator.CreateInstance(migrationClass)!;
        migration.ActiveProvider = activeProvider;
        return migration;
    }
}
