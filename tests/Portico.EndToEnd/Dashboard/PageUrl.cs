using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portico.EndToEnd.Dashboard;

/// <summary>Which page a browser is at.</summary>
internal static class PageUrl
{
    /// <summary>
    /// Waits until the URL matches. Playwright's own <c>WaitForURLAsync</c> looks once and then waits for an event, and misses one
    /// that comes in between.
    /// </summary>
    public static Task IsAtAsync(this IPage page, string pattern) => Assertions.Expect(page).ToHaveURLAsync(new Regex(pattern));
}
