using System.Text.Json;
using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The list and the map stay fast with a thousand services. The rows come over a stream that the test answers.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class ManyServicesTests(DashboardFixture dashboard, ITestOutputHelper output)
{
    private const int Services = 1000, Projects = 50;

    /// <summary>In milliseconds: what the list may take on a machine that does nothing else, and four times that where tests run beside it.</summary>
    private const int Shown = 500, Key = 50, Change = 500, Map = 1000, Busy = 4;

    /// <summary>Types one letter and waits for the frame that shows its result.</summary>
    private const string TypeALetter = """
        async () => {
          const input = document.querySelector('[data-filter]');
          const times = [];
          for (const text of ['s', 'se', 'ser', 'serv', 'servi', 'service-99', '']) {
            const began = performance.now();
            input.value = text;
            input.dispatchEvent(new InputEvent('input', { bubbles: true }));
            await new Promise(requestAnimationFrame);
            await new Promise(done => setTimeout(done));
            times.push(performance.now() - began);
          }
          return times.sort((a, b) => a - b)[3];
        }
        """;

    /// <summary>Scrolls through the whole list and returns the longest of 95 % of the frames.</summary>
    private const string ScrollThrough = """
        async () => {
          const frames = [];
          let last = performance.now();
          for (let top = 0; top < document.documentElement.scrollHeight; top += 400) {
            scrollTo(0, top);
            await new Promise(requestAnimationFrame);
            const now = performance.now();
            frames.push(now - last);
            last = now;
          }
          return frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)];
        }
        """;

    [Fact]
    public async Task A_thousand_services_are_listed_filtered_and_changed_without_a_wait()
    {
        await using var context = await dashboard.BrowseAsync(width: 1440);
        IWebSocketRoute? stream = null;
        await context.RouteWebSocketAsync("**/portico/v1/stream*", socket =>
        {
            stream = socket;
            socket.Send(JsonSerializer.Serialize(new { number = 1, isWhole = true, rows = Enumerable.Range(0, Services).Select(Row), removed = Array.Empty<string>() }, Web));
        });
        var page = await context.NewPageAsync();
        await page.VisitAsync(await dashboard.LinkAsync());
        await page.GetByText($"{Services} resources").WaitForAsync();
        Assert.InRange(await page.Locator(".row").CountAsync(), 10, 100);

        await page.ReloadAsync();
        await page.GetByText($"{Services} resources").WaitForAsync();
        var shown = await page.EvaluateAsync<double>("performance.now()");
        var key = await page.EvaluateAsync<double>(TypeALetter);
        var frame = await page.EvaluateAsync<double>(ScrollThrough);
        await page.EvaluateAsync("scrollTo(0, 0)");
        var change = await ChangeAsync(page, stream!);
        output.WriteLine($"{Services} services: listed after {shown:F0} ms, a key of the filter {key:F0} ms, 95 % of frames while scrolling {frame:F0} ms, a change on the screen after {change:F0} ms.");
        Assert.InRange(shown, 0, Shown * Busy);
        Assert.InRange(key, 0, Key * Busy);
        Assert.InRange(change, 0, Change * Busy);
    }

    [Fact]
    public async Task The_map_of_a_thousand_services_shows_an_environment_as_one_until_it_is_opened()
    {
        await using var context = await dashboard.BrowseAsync(width: 1440);
        await context.RouteWebSocketAsync("**/portico/v1/stream*", socket => socket.Send(
            JsonSerializer.Serialize(new { number = 1, isWhole = true, rows = Enumerable.Range(0, Services).Select(Row), removed = Array.Empty<string>() }, Web)));
        // Each service refers to the next one of its project.
        await context.RouteAsync("**/portico/v1/references*", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = JsonSerializer.Serialize(
                new
                {
                    nodes = Enumerable.Range(0, Services).Select(number => new { Row(number).Id, Row(number).Name, type = "web_service" }),
                    edges = Enumerable.Range(0, Services - Projects).Select(number => new { from = Row(number).Id, to = Row(number + Projects).Id, kind = "variable", key = "NEXT" }),
                }, Web),
        }));
        var page = await context.NewPageAsync();
        await page.VisitAsync(await dashboard.LinkAsync());
        await page.GetByText($"{Services} resources").WaitForAsync();
        await page.VisitAsync($"{await dashboard.BaseAsync()}/map");
        var nodes = page.Locator(".map-node");
        await Assertions.Expect(nodes).ToHaveCountAsync(Projects + 1);
        var shown = await page.EvaluateAsync<double>("performance.now()");
        output.WriteLine($"{Services} services: the map is shown after {shown:F0} ms.");
        Assert.InRange(shown, 0, Map * Busy);
        await Assertions.Expect(nodes.Filter(new() { HasText = "project-05 / production" })).ToContainTextAsync("20 resources");

        await nodes.Filter(new() { HasText = "project-07 / production" }).ClickAsync();
        await page.IsAtAsync(@"/map\?in=project-07");
        await Assertions.Expect(nodes).ToHaveCountAsync((Services / Projects) + 1);
    }

    private static async Task<double> ChangeAsync(IPage page, IWebSocketRoute stream)
    {
        await page.GetByRole(AriaRole.Searchbox).FillAsync("service-000");
        await Assertions.Expect(page.Locator(".row")).ToHaveCountAsync(1);
        var began = System.Diagnostics.Stopwatch.StartNew();
        stream.Send(JsonSerializer.Serialize(new { number = 2, isWhole = false, rows = new[] { Row(0) with { Status = "deploying" } }, removed = Array.Empty<string>() }, Web));
        await page.Locator(".row", new() { HasText = "service-000" }).GetByText("Deploying").WaitForAsync();
        return began.Elapsed.TotalMilliseconds;
    }

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private sealed record SentRow(
        string Id, string Name, string Type, string Status, string Path, string Url, string Project, string Environment, object Deploy, object Traffic, int Ready, int Instances);

    private static SentRow Row(int number) => new(
        $"srv-{number:D24}", $"service-{number:D3}", "web_service", number % 97 == 5 ? "unhealthy" : "live", $"/web/srv-{number:D24}", $"http://service-{number:D3}.localhost",
        $"project-{number % Projects:D2}", "production",
        new { id = $"dep-{number:D24}", status = "live", commit = new string('a', 40), message = $"Change number {number}", createdAt = DateTimeOffset.UnixEpoch, since = DateTimeOffset.UnixEpoch },
        new { requests = number % 40 * 60, perSecond = number % 40, errorPercent = number % 50 == 7 ? 1.2 : 0, p95 = 84 }, 1, 1);
}
