using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.DataStores;

/// <summary>Finds the data store that a path names.</summary>
internal static class DataStoreLookup
{
    public static string Describe(DataStoreKind kind) => kind == DataStoreKind.Postgres ? "Postgres database" : "Key Value store";

    /// <exception cref="RefusedException">404 if the caller can see no data store with this id; 403 if the role does not allow access.</exception>
    public static Task<DataStoreRow> GetStoreAsync(
        this IQueryable<DataStoreRow> rows, Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken) =>
        rows.GetAsync(caller, row => row.Id == id && row.Kind == kind, Describe(kind), id, cancellationToken);
}
