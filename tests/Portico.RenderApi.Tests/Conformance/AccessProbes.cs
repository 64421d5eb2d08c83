using System.Text.RegularExpressions;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.Core.Access;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>A request that the owner may send, sent by those who may not.</summary>
internal static partial class AccessProbes
{
    public static IEnumerable<Probe> For(Call call, RenderServer server)
    {
        foreach (var someone in server.Cast.Former.Prepend(Someone.Stranger))
            yield return new Probe(call, [401]) { By = someone, Why = "not let in" };
        if (MustBeHidden(call))
            yield return new Probe(call, [404]) { By = server.Cast.Foreigner, Why = "of another workspace" };
        foreach (var (role, member) in server.Cast.Members)
            if (Needed(call, server) is { } permission && !role.Allows(permission))
                yield return new Probe(call, [403]) { By = member, Why = $"needs {permission}" };
    }

    /// <summary>Whether the call is about something that only exists for some. A filter of a list merely finds nothing for the others.</summary>
    public static bool MustBeHidden(Call call) => Id().IsMatch($"{string.Join(' ', call.Path)} {(call.Operation.IsPaged ? "" : call.Query)} {call.Body}");

    public static IEnumerable<string> IdsIn(string text) => Id().Matches(text).Select(match => match.Value).Distinct();

    private static Permission? Needed(Call call, RenderServer server) => server.Endpoints
        .FirstOrDefault(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()?.Id == call.Operation.Id)?
        .Metadata.GetMetadata<NeedsPermission>()?.Permission;

    [GeneratedRegex(@"\b[a-z]{3}-[0-9a-v]{20}\b")]
    private static partial Regex Id();
}
