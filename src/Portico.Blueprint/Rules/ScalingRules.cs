namespace Portico.Blueprint.Rules;

/// <summary>The limits of autoscaling, from Render's Blueprint schema; its API has the same targets.</summary>
public static class ScalingRules
{
    /// <summary>The targets, in percent of an instance's memory or CPU.</summary>
    public const int LeastTarget = 1;

    public const int MostTarget = 90;
}
