using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;

namespace Portico.Cli.Tests.Support;

/// <summary>What clients on other machines use, and the keys and measurements of a user.</summary>
internal sealed partial class FakeServer
{
    public ConcurrentQueue<AddSshKey> AddedSshKeys { get; } = new();

    private void MapRemote()
    {
        _app.MapGet("/v1/users", () => Render(new User("ada@example.org", "Ada")));
        _app.MapGet("/portico/v1/overview", (string ownerId) => Json(new Overview(
            [new OverviewRow
            {
                Id = "srv-api", Name = "api", Type = "web_service", Status = "live", Path = "/services/srv-api", Url = "https://api.example.com",
                Deploy = new OverviewDeploy("dep-api", "live", Given.Commit, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch),
            }]), 200));
        _app.MapGet("/portico/v1/ssh-keys", () => Json<IReadOnlyList<SshKeyInfo>>([SshKey("laptop")], 200));
        _app.MapPost("/portico/v1/ssh-keys", async (HttpRequest request) =>
        {
            var added = (await JsonSerializer.DeserializeAsync(request.Body, PlatformJson.Default.AddSshKey))!;
            AddedSshKeys.Enqueue(added);
            return Json(SshKey(added.Name), 201);
        });
        _app.MapDelete("/portico/v1/ssh-keys/{id}", (string id) => Results.StatusCode(204));
        _app.MapGet("/v1/metrics/{metric}", (string metric) => Render<IReadOnlyList<TimeSeries>>(metric switch
        {
            "cpu" => [Series("cpu", "srv-api-abcde", 0.1, 0.3, 0.2)],
            "memory" => [Series("bytes", "srv-api-abcde", 100 << 20)],
            "http-requests" => [Series("requests", null, 60, 120)],
            _ => [],
        }));
    }

    private static SshKeyInfo SshKey(string name) => new("ssh-1", name, "ssh-ed25519 AAAA", "SHA256:abc", DateTimeOffset.UnixEpoch);

    private static TimeSeries Series(string unit, string? instance, params double[] values) => new(
        instance is null ? [new MetricLabel("resource", "srv-api")] : [new MetricLabel("resource", "srv-api"), new MetricLabel("instance", instance)],
        [.. values.Select((value, minute) => new TimeSeriesValue(DateTimeOffset.UnixEpoch.AddMinutes(minute), value))], unit);
}
