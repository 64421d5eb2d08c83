using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Services;

/// <summary>Resolves the values of variables as a deploy would, for users who may read them.</summary>
internal sealed class ResolvedValues(VariableWorldReader worlds)
{
    // No resource can be called so.
    private const string Reader = "";

    /// <returns>The values by key; an empty text for a reference that cannot be resolved.</returns>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(
        PorticoDb db, string workspace, IReadOnlyList<EnvVarRow> rows, CancellationToken cancellationToken)
    {
        if (rows.All(row => row.Source.OwnValue is not null))
            return rows.ToDictionary(row => row.Key, row => row.Source.OwnValue!, StringComparer.Ordinal);
        var world = await worlds.ReadAsync(db, workspace, VariableWorldReader.ServicesIn(rows.Select(row => row.Source)), cancellationToken);
        var reader = new ServiceIdentity
        {
            Id = Reader,
            Name = Reader,
            Type = ServiceType.BackgroundWorker,
            Variables = rows.ToDictionary(row => row.Key, row => row.Source, StringComparer.Ordinal),
        };
        var services = world.Services.Append(new(Reader, reader)).ToDictionary();
        var resolved = new VariableResolver(world with { Services = services }).Resolve(Reader, new Dictionary<string, string>()).Values;
        return rows.ToDictionary(row => row.Key, row => resolved.GetValueOrDefault(row.Key, ""), StringComparer.Ordinal);
    }
}
