namespace Portico.Blueprint.Rules;

/// <summary>Of autoscaling, as in Render's schema of a Blueprint; its API has the same targets.</summary>
public static class ScalingRules
{
    /// <summary>In percent of what an instance has.</summary>
    public const int LeastTarget = 1;

    public const int MostTarget = 90;
}
