package query

import (
	"encoding/binary"
	"math/big"
	"strconv"
	"strings"
)

// number is an exact decimal number, 0.DIGITS × 10^exponent. Digits neither
// begin nor end with a zero; zero has none.
type number struct {
	negative bool
	exponent int
	digits   string
}

// maxExponent is where exponents end: what is beyond is as large, or as near to
// zero, as what is there.
const maxExponent = 1 << 30

// maxQuantity is the longest text that is read as a quantity.
const maxQuantity = 40

// append appends bytes that compare as numbers do.
func (n number) append(dst []byte) []byte {
	if n.digits == "" {
		return append(dst, 0x80)
	}
	exponent := uint32(n.exponent) ^ 1<<31 //nolint:gosec // within maxExponent, and the bits are meant
	if !n.negative {
		return append(binary.BigEndian.AppendUint32(append(dst, 0x81), exponent), n.digits...)
	}
	dst = binary.BigEndian.AppendUint32(append(dst, 0x7f), ^exponent)
	for _, digit := range []byte(n.digits) {
		dst = append(dst, ^digit)
	}
	return append(dst, 0xff) // more digits are further from zero
}

// parseNumber reads a number as JSON has it, or without digits before or after
// its point.
func parseNumber(text string) (number, bool) {
	mantissa, exponent, scientific := text, 0, strings.IndexAny(text, "eE")
	if scientific >= 0 {
		var ok bool
		mantissa = text[:scientific]
		if exponent, ok = parseExponent(text[scientific+1:]); !ok {
			return number{}, false
		}
	}
	return decimal(mantissa, exponent)
}

// parseExponent reads a signed whole number and keeps it within bounds.
func parseExponent(text string) (int, bool) {
	unsigned := strings.TrimLeft(text, "+-")
	if len(text)-len(unsigned) > 1 || unsigned == "" || strings.Trim(unsigned, "0123456789") != "" {
		return 0, false
	}
	exponent, err := strconv.Atoi(text)
	if err != nil || exponent > maxExponent || exponent < -maxExponent {
		if exponent = maxExponent; text[0] == '-' {
			exponent = -maxExponent
		}
	}
	return exponent, true
}

// decimal reads mantissa × 10^exponent.
func decimal(mantissa string, exponent int) (n number, ok bool) {
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		n.negative, mantissa = mantissa[0] == '-', mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return number{}, false
	}
	n.digits = strings.TrimLeft(digits, "0")
	n.exponent = min(max(exponent+len(whole)-(len(digits)-len(n.digits)), -maxExponent), maxExponent)
	if n.digits = strings.TrimRight(n.digits, "0"); n.digits == "" {
		return number{}, true
	}
	return n, true
}

// parseQuantity reads a quantity of Kubernetes, as in 100m, 1.5, 2e3 or 512Mi.
func parseQuantity(text string) (number, bool) {
	if text == "" || len(text) > maxQuantity || text[0] > '9' {
		return number{}, false
	}
	end := strings.LastIndexAny(text, "0123456789.") + 1
	mantissa, suffix := text[:end], text[end:]
	if suffix == "" {
		return parseNumber(text)
	}
	if power := strings.Index("_KMGTPE", suffix[:1]); len(suffix) == 2 && suffix[1] == 'i' && power > 0 {
		return binaryQuantity(mantissa, power)
	}
	if place := strings.Index("num_kMGTPE", suffix); len(suffix) == 1 && place >= 0 && suffix != "_" {
		return decimal(mantissa, 3*place-9)
	}
	return number{}, false
}

// binaryQuantity is mantissa × 1024^power.
func binaryQuantity(mantissa string, power int) (number, bool) {
	n, ok := decimal(mantissa, 0)
	if !ok || n.digits == "" {
		return n, ok
	}
	digits, _ := new(big.Int).SetString(n.digits, 10)
	digits.Lsh(digits, uint(10*power))
	product := digits.String()
	n.exponent += len(product) - len(n.digits)
	n.digits = strings.TrimRight(product, "0")
	return n, true
}
