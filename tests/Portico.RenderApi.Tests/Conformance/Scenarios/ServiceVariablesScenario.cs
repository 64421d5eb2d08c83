using System.Globalization;

namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>A service's own variables and secret files.</summary>
internal sealed class ServiceVariablesScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        await VariablesAsync(render, world.Worker);
        await FilesAsync(render, world.Worker);
        await render.SettleAsync();
    }

    private static async Task VariablesAsync(RenderClient render, string service)
    {
        var many = string.Join(", ", Enumerable.Range(0, 7).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""{"key": "KEY_{{number}}", "value": "{{number}}"}""")));
        await render.SendAsync("update-env-vars-for-service", 200, [service], body: $$"""[{{many}}, {"key": "TOKEN", "generateValue": true}]""");
        Assert.Equal(8, (await render.ListAsync("get-env-vars-for-service", "envVar", [service])).Count);
        await render.SendAsync("update-env-vars-for-service", 200, [service], body: """[{"key": "ONE", "value": "1"}, {"key": "TWO", "value": ""}]""");
        Assert.Equal(2, (await render.ListAsync("get-env-vars-for-service", "envVar", [service])).Count);
        await render.SendAsync("update-env-var", 200, [service, "ONE"], body: """{"value": "eins"}""");
        Assert.Equal("eins", (await render.SendAsync("retrieve-env-var", 200, [service, "ONE"])).GetProperty("value").GetString());
        await render.SendAsync("delete-env-var", 204, [service, "ONE"]);
        await render.RefuseAsync("retrieve-env-var", [404], "ONE", [service, "ONE"]);
        await render.RefuseAsync("delete-env-var", [404], "ONE", [service, "ONE"]);
        await render.RefuseAsync("update-env-vars-for-service", [400], "", [service], body: """[{"key": "A", "value": "1"}, {"key": "A", "value": "2"}]""");
        await render.RefuseAsync("update-env-vars-for-service", [400], "key", [service], body: """[{"key": "NOT A KEY", "value": "1"}]""");
        await render.RefuseAsync("update-env-vars-for-service", [400], "value", [service], body: """[{"key": "A", "value": 5}]""");
    }

    private static async Task FilesAsync(RenderClient render, string service)
    {
        await render.SendAsync("update-secret-files-for-service", 200, [service], body: """[{"name": "a.txt", "content": "a"}, {"name": "b.txt", "content": "b"}]""");
        Assert.Equal(2, (await render.ListAsync("list-secret-files-for-service", "secretFile", [service])).Count);
        await render.SendAsync("add-or-update-secret-file", 201, [service, "c.txt"], body: """{"content": "c"}""");
        await render.SendAsync("retrieve-secret-file", 200, [service, "c.txt"]);
        await render.SendAsync("delete-secret-file", 204, [service, "c.txt"]);
        await render.RefuseAsync("retrieve-secret-file", [404], "c.txt", [service, "c.txt"]);
        await render.RefuseAsync("update-secret-files-for-service", [400], "name", [service], body: """[{"name": "../../etc/passwd", "content": "a"}]""");
    }
}
