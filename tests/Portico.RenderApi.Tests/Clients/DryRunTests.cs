using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Portico.RenderApi.Tests.Clients;

/// <summary>Asking what would change leaves no trace.</summary>
public sealed class DryRunTests : ClientTest
{
    [Theory]
    [InlineData("services: []", true, 0)]
    [InlineData("services: nonsense", true, 0)]
    [InlineData("services: []", false, 1)]
    public async Task Only_what_is_applied_is_in_the_audit_log(string blueprint, bool isDryRun, int entries)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/portico/v1/blueprints/apply")
        {
            Content = new StringContent($$"""{"blueprint": "{{blueprint}}", "commit": null, "dryRun": {{(isDryRun ? "true" : "false")}}}""", Encoding.UTF8, "application/json"),
        };
        using var response = await Server.SendAsync(request, Server.Cast.Owner, Token);
        Assert.True((int)response.StatusCode is 200 or 422, await response.Content.ReadAsStringAsync(Token));
        await using var db = await Server.Platform.OpenAsync(Token);
        Assert.Equal(entries, await db.AuditLogs.CountAsync(Token));
    }
}
