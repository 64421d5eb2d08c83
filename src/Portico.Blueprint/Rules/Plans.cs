namespace Portico.Blueprint.Rules;

/// <summary>Render's plans, in their canonical spelling.</summary>
public static class Plans
{
    public static IReadOnlyList<string> Service { get; } =
        ["free", "starter", "standard", "pro", "pro plus", "pro max", "pro ultra", "starter plus", "standard plus", "custom"];

    public static IReadOnlyList<string> KeyValue { get; } = ["free", "starter", "standard", "pro", "pro plus", "custom"];

    public static IReadOnlyList<string> Database { get; } =
    [
        "free", "basic-256mb", "basic-1gb", "basic-4gb",
        "pro-4gb", "pro-8gb", "pro-16gb", "pro-32gb", "pro-64gb", "pro-128gb", "pro-192gb", "pro-256gb", "pro-384gb", "pro-512gb",
        "accelerated-16gb", "accelerated-32gb", "accelerated-64gb", "accelerated-128gb", "accelerated-256gb",
        "accelerated-384gb", "accelerated-512gb", "accelerated-768gb", "accelerated-1024gb", "custom",
    ];

    /// <summary>Database plans that are no longer available, each with the nearest current plan by memory.</summary>
    public static IReadOnlyDictionary<string, string> LegacyDatabase { get; } = new Dictionary<string, string>
    {
        ["starter"] = "basic-256mb",
        ["standard"] = "basic-1gb",
        ["pro"] = "pro-4gb",
        ["pro plus"] = "pro-8gb",
    };

    /// <summary>Returns the canonical spelling: <c>Pro_Plus</c> is <c>pro plus</c>.</summary>
    public static string? Canonical(string given, IEnumerable<string> plans)
    {
        var wanted = Flat(given);
        return plans.FirstOrDefault(plan => Flat(plan) == wanted);
    }

    private static string Flat(string plan) =>
        plan.Trim().ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
}
