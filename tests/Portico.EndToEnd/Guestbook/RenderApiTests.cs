using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Guestbook;

/// <summary>Render's API at the platform's own address, with real processes behind it.</summary>
[Collection(nameof(GuestbookCollection))]
public sealed class RenderApiTests(GuestbookFixture guestbook)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scaling_up_and_down_drops_no_request()
    {
        var platform = await guestbook.ReadyAsync();
        using var api = ApiOf(platform);
        var service = await ServiceAsync(api);
        var load = GuestbookFixture.MixedLoad(platform);

        await load.RunAcrossAsync(async () =>
        {
            foreach (var count in (int[])[3, 1])
            {
                (await api.PostAsJsonAsync($"services/{service}/scale", new { numInstances = count }, Token)).EnsureSuccessStatusCode();
                await Eventually.TrueAsync(async () => await ReadyAsync(platform) == count, Soon, $"{count} instances and no other");
            }
        }, GuestbookFixture.Requests / 2);

        load.ShouldHaveNoFailure();
    }

    [Fact]
    public async Task A_job_runs_with_the_variables_of_its_service_and_its_output_is_found()
    {
        var platform = await guestbook.ReadyAsync();
        using var api = ApiOf(platform);
        var service = await ServiceAsync(api);
        using var created = await api.PostAsJsonAsync($"services/{service}/jobs", new { startCommand = "node -p process.env.RENDER_SERVICE_NAME" }, Token);
        var job = (await created.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString();

        await Eventually.TrueAsync(async () => await StatusAsync() == "succeeded", Soon, "the job succeeded");
        var owner = (await api.GetFromJsonAsync<JsonElement>("owners", Token))[0].GetProperty("owner").GetProperty("id").GetString();
        await Eventually.TrueAsync(
            async () => (await api.GetStringAsync($"logs?ownerId={owner}&resource={job}", Token)).Contains(GuestbookFixture.Api, StringComparison.Ordinal),
            Soon, "its output is in the logs");

        async Task<string?> StatusAsync() =>
            (await api.GetFromJsonAsync<JsonElement>($"services/{service}/jobs/{job}", Token)).GetProperty("status").GetString();
    }

    [Fact]
    public async Task A_suspended_service_answers_503_and_a_resumed_one_serves_again()
    {
        var platform = await guestbook.ReadyAsync();
        using var api = ApiOf(platform);
        var service = await ServiceAsync(api);

        (await api.PostAsync($"services/{service}/suspend", null, Token)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => await ReadyAsync(platform) == 0 && await AnswerAsync() == 503, Soon, "it is suspended");
        (await api.PostAsync($"services/{service}/resume", null, Token)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => await ReadyAsync(platform) == 1 && await AnswerAsync() == 200, Soon, "it serves again");

        async Task<int> AnswerAsync()
        {
            using var answer = await platform.Http.GetAsync(platform.UrlOf(GuestbookFixture.Api), Token);
            return (int)answer.StatusCode;
        }
    }

    private static HttpClient ApiOf(TestPlatform platform)
    {
        var key = File.ReadAllText(Path.Combine(platform.Home, "state", "api-key")).Trim();
        return new HttpClient
        {
            BaseAddress = new Uri($"http://localhost:{platform.Port}/v1/"),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        };
    }

    private static async Task<string> ServiceAsync(HttpClient api) =>
        (await api.GetFromJsonAsync<JsonElement>($"services?name={GuestbookFixture.Api}", Token))[0].GetProperty("service").GetProperty("id").GetString()!;

    /// <summary>How many there are, if all of them are ready.</summary>
    private static async Task<int?> ReadyAsync(TestPlatform platform)
    {
        var instances = (await platform.ServerStatusAsync())?.Resources.Single(resource => resource.Name == GuestbookFixture.Api).Instances;
        return instances?.All(instance => instance.Status == "ready") == true ? instances.Count : null;
    }
}
