using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portico.ControlPlane.State;

/// <summary>
/// Which rows belong to which, as the properties of the row types state it (<see cref="DeletedWithAttribute"/>,
/// <see cref="BlocksDeletionAttribute"/>, <see cref="NotOwnedAttribute"/>). Deletion and the protection of environments read
/// it from here, so that no list of tables has to be kept by hand.
/// </summary>
internal static class Ownership
{
    /// <summary>Deletes all that belongs to a row, and what belongs to that. The row itself stays; to be called in the transaction that deletes it.</summary>
    public static async Task DeleteBelongingsAsync<TOwner>(this PorticoDb db, string id, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("A crash between two tables would leave half of what belongs to the row.");
        foreach (var statement in Deletions(db.Model, typeof(TOwner), "{0}"))
            await db.Database.ExecuteSqlRawAsync(statement, [id], cancellationToken);
    }

    /// <summary>Whether a row exists that must be moved or deleted before its owner can be deleted.</summary>
    public static async Task<bool> IsUsedAsync<TOwner>(this PorticoDb db, string id, CancellationToken cancellationToken)
    {
        var blocking = from property in Properties(db.Model)
                       where property.PropertyInfo?.GetCustomAttribute<BlocksDeletionAttribute>()?.Owner == typeof(TOwner)
                       select $"EXISTS (SELECT 1 FROM {Table(property)} WHERE {Column(property)} = {{0}})";
        var sql = $"SELECT {string.Join(" OR ", blocking)} AS Value";
        return await db.Database.SqlQueryRaw<bool>(sql, id).SingleAsync(cancellationToken);
    }

    /// <summary>The resources in these environments, with their names.</summary>
    public static async Task<Dictionary<string, string>> PlacedInAsync(
        this PorticoDb db, IReadOnlyCollection<string> environments, CancellationToken cancellationToken)
    {
        var ids = StoredJson.Write(environments);
        var names = new Dictionary<string, string>();
        foreach (var table in db.Model.GetEntityTypes().Where(entity => entity.ClrType.IsAssignableTo(typeof(IPlaced))).Select(entity => entity.GetTableName()))
        {
            var sql = $"SELECT Id, Name FROM \"{table}\" WHERE EnvironmentId IN (SELECT value FROM json_each({{0}}))";
            foreach (var resource in await db.Database.SqlQueryRaw<Named>(sql, ids).ToListAsync(cancellationToken))
                names.Add(resource.Id, resource.Name);
        }
        return names;
    }

    /// <summary>The ids of what is changed when this row is changed: of the row itself, and of what it is part of.</summary>
    public static IEnumerable<string> ChangedWith(IEntityType entity, object row) =>
        from property in entity.GetProperties()
        where property.PropertyInfo?.GetCustomAttribute<DeletedWithAttribute>() is { } owned ? !owned.IsRecord : property.IsPrimaryKey()
        let id = property.PropertyInfo?.GetValue(row) as string
        where id is not null
        select id;

    /// <summary>Deletions of all that belongs to some rows, the innermost first.</summary>
    /// <param name="ids">What SQL has for the ids of these rows.</param>
    private static IEnumerable<string> Deletions(IModel model, Type owner, string ids)
    {
        foreach (var property in Properties(model).Where(property => IsOwnedBy(property, owner)))
        {
            var condition = $"{Column(property)} IN ({ids})";
            var type = (IEntityType)property.DeclaringType;
            if (type.FindPrimaryKey() is { Properties: [var key] })
                foreach (var inner in Deletions(model, type.ClrType, $"SELECT {Column(key)} FROM {Table(key)} WHERE {condition}"))
                    yield return inner;
            yield return $"DELETE FROM {Table(property)} WHERE {condition}";
        }
    }

    private static bool IsOwnedBy(IProperty property, Type owner) =>
        property.PropertyInfo?.GetCustomAttribute<DeletedWithAttribute>()?.Owners.Contains(owner) is true;

    private static IEnumerable<IProperty> Properties(IModel model) => model.GetEntityTypes().SelectMany(entity => entity.GetProperties());

    private static string Table(IProperty property) => $"\"{((IEntityType)property.DeclaringType).GetTableName()}\"";

    private static string Column(IProperty property) => $"\"{property.GetColumnName()}\"";

    private sealed record Named(string Id, string Name);
}
