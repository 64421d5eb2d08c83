using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.RenderApi.Tests.Server;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Access;

/// <summary>What the audit log calls changes.</summary>
public sealed class AuditNames
{
    /// <summary>Kinds of change that Render writes down for one kind of resource alone; a store's are called as its making and deleting are.</summary>
    private static readonly string[] Alike = ["SuspendRedisEvent", "ResumeRedisEvent", "UpdateRedisEvent"];

    [Fact]
    public async Task They_are_Renders_or_those_of_the_operation()
    {
        var events = RenderSpec.Require().Enum("auditLog", "event");
        await using var server = await RenderServer.StartAsync(TestContext.Current.CancellationToken);
        foreach (var endpoint in server.Endpoints)
            if (endpoint.Metadata.GetMetadata<RenderOperation>() is { } operation && !Routes.Of(endpoint).Any(route => route.StartsWith("GET ", StringComparison.Ordinal)))
            {
                var name = AuditEvents.NameOf("", endpoint);
                var plain = string.Concat(operation.Id.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Event";
                Assert.True(name == plain || events.Contains(name) || Alike.Contains(name), $"{operation.Id} is called {name}");
            }
    }

    [Fact]
    public async Task Changes_of_Portico_alone_have_names_too()
    {
        await using var server = await RenderServer.StartAsync(TestContext.Current.CancellationToken);
        foreach (var endpoint in server.Endpoints.Where(AuditEvents.IsChange))
            foreach (var route in Routes.Of(endpoint).Where(route => !route.StartsWith("GET ", StringComparison.Ordinal) && route.Contains(" /portico/v1/", StringComparison.Ordinal)))
                Assert.True(AuditEvents.NameOf("", endpoint).EndsWith("Event", StringComparison.Ordinal), $"{route} has no name in the audit log");
    }
}
