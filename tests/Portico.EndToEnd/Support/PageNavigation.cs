using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portico.EndToEnd.Support;

/// <summary>Which page a browser is at, and how it gets there.</summary>
internal static class PageNavigation
{
    /// <summary>
    /// Waits until the URL matches. Playwright's own <c>WaitForURLAsync</c> looks once and then waits for an event, and misses one
    /// that comes in between.
    /// </summary>
    public static Task IsAtAsync(this IPage page, string pattern) => Assertions.Expect(page).ToHaveURLAsync(new Regex(pattern));

    /// <summary>
    /// Opens a page. Other tests start platforms, which gives this machine network addresses. A browser then ends requests that wait
    /// for a connection, and people see it load the page again by itself; a browser that is driven does not.
    /// </summary>
    public static async Task VisitAsync(this IPage page, string url)
    {
        for (var tries = 1; ; tries++)
            try
            {
                await page.GotoAsync(url);
                return;
            }
            catch (PlaywrightException exception) when (tries < 5 && exception.Message.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            {
            }
    }
}
