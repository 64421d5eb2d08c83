using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.DataStores;

/// <summary>Finds the data store in a path.</summary>
internal static class DataStoreLookup
{
    public static string Describe(DataStoreKind kind) => kind == DataStoreKind.Postgres ? "Postgres database" : "Key Value store";

    /// <exception cref="RefusedException">404 when the caller may know of none with this id; 403 when the role does not allow it.</exception>
    public static Task<DataStoreRow> GetStoreAsync(
        this IQueryable<DataStoreRow> rows, Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken) =>
        rows.GetAsync(caller, row => row.Id == id && row.Kind == kind, Describe(kind), id, cancellationToken);
}
