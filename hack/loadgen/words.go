package loadgen

func environments() []string { return []string{"", "-dev", "-staging"} }

func teams() []string {
	return []string{
		"shop", "cart", "checkout", "payments", "billing", "catalog", "search", "accounts", "identity", "orders",
		"inventory", "shipping", "returns", "pricing", "coupons", "reviews", "ratings", "media", "images", "video",
		"mail", "notify", "push", "chat", "support", "tickets", "crm", "leads", "campaigns", "ads",
		"tracking", "metrics", "logs", "traces", "alerts", "oncall", "backup", "archive", "storage", "queues",
		"streams", "events-hub", "gateway", "edge", "dns", "proxy", "vpn", "secrets", "vault", "audit",
		"fraud", "risk", "ledger", "tax", "invoices", "reports", "warehouse", "lake", "models", "training",
		"serving", "features", "labels", "maps", "routes", "fleet", "drivers",
	}
}

func appNames() []string {
	return []string{
		"api", "web", "worker", "scheduler", "ingest", "exporter", "frontend", "backend", "consumer", "producer",
		"indexer", "renderer", "resizer", "mailer", "webhooks", "importer", "migrator", "janitor", "reconciler", "watcher",
		"cache", "session-store", "rate-limiter", "feature-flags", "batch", "reporter", "sync", "relay", "collector", "notifier",
	}
}

func zones() []string { return []string{"eu-1a", "eu-1b", "eu-1c"} }

func tiers() []string { return []string{"frontend", "backend", "data"} }
