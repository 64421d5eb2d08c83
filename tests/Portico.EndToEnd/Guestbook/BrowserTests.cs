using Microsoft.Playwright;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Guestbook;

[Collection(nameof(GuestbookCollection))]
public sealed class BrowserTests(GuestbookFixture guestbook)
{
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    [Fact]
    public async Task An_entry_is_made_by_typing_and_is_there_after_a_reload()
    {
        var browserPath = Programs.Find("chromium", "chromium-browser", "google-chrome");
        if (browserPath is null)
            Programs.Require("chromium");
        var platform = await guestbook.ReadyAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = browserPath, Args = Quiet });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 900, Height = 700 } });
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) => { if (message.Type == "error") problems.Add(message.Text); };

        await page.VisitAsync(platform.UrlOf(GuestbookFixture.Web));
        await page.GetByLabel("Your name").PressSequentiallyAsync("Grace Hopper");
        await page.GetByLabel("Your message").PressSequentiallyAsync("Typed by hand, in a browser.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign the guestbook" }).ClickAsync();
        var entry = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Typed by hand, in a browser." }).First;
        await entry.WaitForAsync();
        await page.ReloadAsync();
        await entry.WaitForAsync();

        await page.ScreenshotAsync(new() { Path = SourceTree.PathOf("artifacts", "TestResults", "guestbook.png") });
        Assert.Contains("Grace Hopper", await entry.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(problems);
    }
}
