using System.Text.Json;

namespace Portico.RenderApi.Tests.Mcp;

public sealed class DeployToolTests : McpTest
{
    private const string CursorMark = "\n\n cursor: ";

    [Fact]
    public async Task A_deploy_is_triggered_listed_and_shown()
    {
        var triggered = (await JsonAsync("trigger_deploy", ("serviceId", World.Api), ("clearCache", true))).GetProperty("id").GetString()!;
        await SettleAsync();

        var (deploys, _) = await ListAsync(("serviceId", World.Api));
        var shown = await JsonAsync("get_deploy", ("serviceId", World.Api), ("deployId", triggered));

        Assert.Equal(triggered, deploys[0]);
        Assert.Equal(2, deploys.Count);
        Assert.Equal(("live", "api"), (shown.GetProperty("status").GetString(), shown.GetProperty("trigger").GetString()));
    }

    [Fact]
    public async Task A_list_goes_on_where_its_cursor_says()
    {
        await TextAsync("trigger_deploy", ("serviceId", World.Api));

        var (first, cursor) = await ListAsync(("serviceId", World.Api), ("limit", 1));
        var (second, last) = await ListAsync(("serviceId", World.Api), ("limit", 1), ("cursor", cursor));
        var (none, end) = await ListAsync(("serviceId", World.Api), ("limit", 1), ("cursor", last));

        Assert.NotEqual(Assert.Single(first), Assert.Single(second));
        Assert.Empty(none);
        Assert.Equal("\"\"", end);
    }

    /// <summary>Like Render's, the tool writes the cursor behind the list.</summary>
    private async Task<(IReadOnlyList<string> Deploys, string Cursor)> ListAsync(params (string, object)[] arguments)
    {
        var text = await TextAsync("list_deploys", arguments);
        var end = text.IndexOf(CursorMark, StringComparison.Ordinal);
        var deploys = JsonElement.Parse(text[..end]).EnumerateArray().Select(item => item.GetProperty("id").GetString()!);
        return ([.. deploys], text[(end + CursorMark.Length)..]);
    }
}
